"""The interactive figures: a Python class and a JavaScript view each.

A figure is a real ipywidget in Jupyter and draws itself with no kernel in the book's pages. The classes are
imported when they are first used, so that the build can compile their mathematics before they exist.
"""

import importlib
from pathlib import Path

__all__ = [
    "STATIC",
    "AffineDensity",
    "BlindCone",
    "Cobweb",
    "ConditionalJacobian",
    "ConvolutionMatrices",
    "CorrelatedPair",
    "CouplingBlock",
    "CouplingJacobian",
    "DeterminantCost",
    "DeterminantGradient",
    "DivergenceLandscape",
    "EllipseDivergence",
    "EncoderGaps",
    "EvidenceBar",
    "Exercise",
    "ExpectationMaximization",
    "FindTheFlaw",
    "FlowJourney",
    "GradientCloud",
    "HorizontalLine",
    "ImportanceLadder",
    "InferenceCost",
    "LayerJacobian",
    "MeanField",
    "MixtureInverse",
    "NearestPoint",
    "OrderAndChaos",
    "OverlapCounts",
    "PLUFactorization",
    "PhasePlane",
    "PixelSampler",
    "Progress",
    "RadialDensity",
    "RadialWarp",
    "ReceptiveField",
    "ResampledProposal",
    "ScaledDensity",
    "SeriesError",
    "SignalByDepth",
    "SpectralRadiusMap",
    "Spectrum",
    "TrainedAutoencoder",
    "TwoHistograms",
    "VarianceRace",
]

STATIC = Path(__file__).parent / "static"
"""Folder of the bundled JavaScript and styles; the book copies it whole into its site."""

_TOPICS = {
    "AffineDensity": "densities",
    "BlindCone": "masked_convolution",
    "Cobweb": "flows_on_a_line",
    "ConditionalJacobian": "invertible_convolution",
    "ConvolutionMatrices": "convolution",
    "CorrelatedPair": "divergences",
    "CouplingBlock": "coupling",
    "CouplingJacobian": "coupling",
    "DeterminantCost": "tools",
    "DeterminantGradient": "tools",
    "DivergenceLandscape": "gaussians",
    "EllipseDivergence": "gaussians",
    "EncoderGaps": "amortization",
    "EvidenceBar": "evidence_bound",
    "Exercise": "exercises",
    "ExpectationMaximization": "evidence_bound",
    "FindTheFlaw": "exercises",
    "FlowJourney": "learned_density",
    "GradientCloud": "estimators",
    "HorizontalLine": "flows_on_a_line",
    "ImportanceLadder": "importance_weighting",
    "InferenceCost": "amortization",
    "LayerJacobian": "invertible_convolution",
    "MeanField": "amortization",
    "MixtureInverse": "flows_on_a_line",
    "NearestPoint": "tools",
    "OrderAndChaos": "initialization",
    "OverlapCounts": "convolution",
    "PLUFactorization": "invertible_convolution",
    "PhasePlane": "games",
    "PixelSampler": "autoregressive",
    "Progress": "exercises",
    "RadialDensity": "radial_flows",
    "RadialWarp": "radial_flows",
    "ReceptiveField": "masked_convolution",
    "ResampledProposal": "importance_weighting",
    "ScaledDensity": "densities",
    "SeriesError": "radial_flows",
    "SignalByDepth": "initialization",
    "SpectralRadiusMap": "games",
    "Spectrum": "games",
    "TrainedAutoencoder": "autoencoder",
    "TwoHistograms": "divergences",
    "VarianceRace": "estimators",
}


def __getattr__(name: str):
    if name in _TOPICS:
        return getattr(importlib.import_module(f"helpers.widgets.{_TOPICS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
