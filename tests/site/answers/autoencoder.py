"""What is typed into the exercises of the chapter on a measured autoencoder."""

from . import Chapter

FORMS = {
    "autoencoder-threshold": (
        [["beta tau^2"], ["τ² β"], ["tau*tau*beta"]],
        {
            ("tau^2",): "threshold without",
            ("tau^2/beta",): "other way round",
            ("beta^2 tau^2",): "only one of them",
            ("beta tau",): "by its variance",
        },
    ),
    "autoencoder-components": (
        [["7/2"], ["3.5"], ["5 - 3/2"]],
        {
            ("5",): "share this variance",
            ("4",): "smallest variance",
            ("3",): "second variance",
            ("3/2",): "variance of the noise",
        },
    ),
    "autoencoder-tear": (
        [["0.7"], ["log(2)"], ["0.73"]],
        {("0",): "almost zero", ("0.5",): "covers half", ("1.386",): "Twice too much"},
    ),
    "autoencoder-mean-field": (
        [["log(4/3)/2"], ["ln(2) - ln(3)/2"], ["½ log(4/3)"]],
        {
            ("log(4/3)",): "half is missing",
            ("-log(4/3)/2",): "not negative",
            ("log(4)/2",): "precision is",
            ("0",): "correlated",
        },
    ),
}

GIVEAWAYS = [
    r"\beta \tau^{2}",
    "beta*tau**2",
    "beta * tau**2",
    "mean_field = ",
    "noise_variance",
    "largest_on_ring",
    "log(2)",
    "Math.log(2)",
    "answer=sp.log(2)",
    "7/2",
    "log(4/3)",
    r"\frac{\log{\left(\frac{4}{3} \right)}}{2}",
]

CHAPTER = Chapter("book/inference/autoencoder.html", ("autoencoder-flaw", *FORMS), FORMS, GIVEAWAYS)
