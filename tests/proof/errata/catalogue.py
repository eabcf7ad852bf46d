"""Of what kind each erratum is, and of which topic; a topic is one of the curriculum's, `gan` or `chvar`."""

__all__ = ["CATALOGUE", "FAULTS", "TOPICS"]

# topic -> kind of fault (as in `helpers.proof.FAULTS`) -> ids
CATALOGUE: dict[str, dict[str, str]] = {
    "masked": {
        "error": "E002-4",
        "notation": "E002-3 E002-5",
        "misprint": "E002-1 E002-2",
    },
    "chvar": {
        "error": "E002-7 E002-8 E002-9 E003-12 E003-13",
        "missing": "E002-6",
        "misprint": "E002-10 E003-14",
    },
    "coupling": {
        "error": "E000-1 E000-2 E001-1 E001-7",
        "missing": "E000-3 E000-5 E001-9",
        "notation": "E000-4 E001-3 E001-4",
        "misprint": "E001-2 E001-5 E001-6 E001-8",
    },
    "elbo": {
        "error": "E002-11 E002-14 E002-15 E002-16 E002-18 E002-19",
        "missing": "E000-9 E002-17",
        "notation": "E001-11 E001-12 E002-12 E002-13 E002-20",
        "misprint": "E001-13 E001-14",
    },
    "kl": {
        "error": "E003-15 E003-19",
        "missing": "E003-18",
        "notation": "E001-10 E003-16",
        "misprint": "E000-6 E001-15 E001-16 E003-17",
    },
    "grad": {
        "error": "E000-8",
        "missing": "E001-18 E004-1",
        "notation": "E001-19",
        "misprint": "E000-7 E001-17",
    },
    "iwae": {
        "error": "E002-21 E002-22 E002-26 E002-27 E002-28 E002-29 E002-32",
        "missing": "E002-25 E002-48",
        "notation": "E002-30 E002-31 E002-33 E002-49",
        "misprint": "E002-23 E002-24",
    },
    "flow": {
        "error": "E002-35 E002-38 E002-39",
        "missing": "E002-34 E002-37 E002-40 E002-41 E002-42 E002-51",
        "notation": "E002-36 E002-50",
    },
    "gan": {
        "error": "E002-46",
        "missing": "E002-44 E002-45",
        "notation": "E002-43 E002-47",
    },
    "init": {
        "missing": "E003-1 E003-4",
        "misprint": "E003-2 E003-3 E003-5",
    },
    "convbp": {
        "error": "E003-6 E003-8 E003-10 E003-11",
        "missing": "E003-20",
        "notation": "E003-9",
        "misprint": "E003-7",
    },
    "plu": {
        "error": "E004-8",
        "missing": "E004-4 E004-6",
        "notation": "E004-3 E004-7 E004-10",
        "misprint": "E004-5 E004-9",
    },
    "proj": {
        "missing": "E004-2",
    },
}

FAULTS = {
    erratum: fault
    for faults in CATALOGUE.values()
    for fault, ids in faults.items()
    for erratum in ids.split()
}
TOPICS = {
    erratum: topic
    for topic, faults in CATALOGUE.items()
    for ids in faults.values()
    for erratum in ids.split()
}
