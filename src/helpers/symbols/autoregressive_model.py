"""The symbols of the chapter on a model that draws pixel by pixel."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    written("x_i", "", "pixel $i$ of an image: 1 for ink, 0 for none"),
    written("x_{<i}", "", "the pixels drawn before pixel $i$"),
    written("p", "p", "the law of the data: a probability for each image"),
    written("q", "model", "the law of the model"),
    written("S_i", "fields", "the pixels that the model sees at pixel $i$"),
    scalar("n", "number of pixels of an image", integer=True, positive=True),
    scalar("s", "the probability that a model which sees a pixel gives to what it sees", positive=True),
    scalar("R", "number of rows of an image", integer=True, positive=True),
)
