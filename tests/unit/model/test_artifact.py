"""A stored model is used only with the features that it was trained on."""

from types import SimpleNamespace

import pytest

from xgoals.domain.errors import ModelError, SettingsError
from xgoals.features.catalogue import BEST_17
from xgoals.model.artifact import catalogue_of


def model(**changes):
    known = {"model_version": "xg-1", "catalogue": BEST_17.name, "catalogue_version": BEST_17.version}
    return SimpleNamespace(**known | changes)


def test_the_catalogue_of_a_model_is_the_one_of_its_version():
    assert catalogue_of(model()) is BEST_17


def test_another_version_of_the_catalogue_is_refused_with_both_named():
    with pytest.raises(
        ModelError, match="xg-1 was trained on version 99 of best-17, this xgoals builds version 2"
    ):
        catalogue_of(model(catalogue_version=99))


def test_an_unknown_catalogue_is_refused():
    with pytest.raises(SettingsError, match="unknown feature catalogue"):
        catalogue_of(model(catalogue="best-99"))
