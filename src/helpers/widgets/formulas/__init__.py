"""What the figures compute: a module a topic, whose `source()` is the text of `js/generated/<topic>.js`."""
