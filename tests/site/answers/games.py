"""What is typed into the exercises of the chapter on games."""

from . import Chapter

FORMS = {
    "steps-to-double": (
        [["140"], ["139 + 1"], ["1.4e2"]],
        {
            ("139",): "round up",
            ("139.3",): "Steps are whole",
            ("70",): "squared distance",
            ("8",): "does not multiply the distance by",
        },
    ),
    "stronger-coupling": (
        [["sqrt(1+eta^2 kappa^2)"], ["√(1+(κη)²)"], ["|1 + κ²η²|^(1/2)"]],
        {
            ("1+η²κ²",): "squared",
            ("√(1+κη²)",): "counts twice",
            ("√(1+η²)",): "the case",
            ("√(1-η²κ²)",): "sign is wrong",
            ("1+ηκ",): "perpendicular",
        },
    ),
    "once-around": (
        [["16"], ["2^4"], ["(√2)^8"]],
        {
            ("√2",): "the factor of one step",
            ("256",): "squared distance",
            ("8",): "the steps of a full turn",
            ("8√2",): "they multiply",
        },
    ),
    "two-against-one": (
        [["sqrt(1+25eta^2)"], ["√(1+(5η)²)"], ["|1 + 25η²|^(1/2)"]],
        {
            ("1+25η²",): "squared modulus",
            ("√(1+49η²)",): "not the sum",
            ("√(1+16η²)",): "Both entries count",
            ("√(1+5η²)",): "squared with it",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\sqrt{1 + \eta^{2} \kappa^{2}}",
    r"\sqrt{\eta^{2} \kappa^{2} + 1}",
    "sqrt(eta**2*kappa**2 + 1)",
    "sqrt(1 + eta**2 * kappa**2)",
    "Math.sqrt(1 + (eta*eta)*(kappa*kappa))",
    "steps_to_double",
    r"\sqrt{1 + 25 \eta^{2}}",
    r"\sqrt{25 \eta^{2} + 1}",
    "sqrt(25*eta**2 + 1)",
    "sqrt(1 + 25 * eta**2)",
    "Math.sqrt(1 + 25*(eta*eta))",
    "singular_value",
    "eighth_of_a_turn",
]

CHAPTER = Chapter("book/games/index.html", ("distance-flaw", *FORMS), FORMS, GIVEAWAYS)
