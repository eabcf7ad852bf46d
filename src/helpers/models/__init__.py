"""The mathematics of the book, one module a topic: symbolic builders beside their batched PyTorch counterparts."""
