"""Real files that cities published, in `../shared/realdata` beside the repository; nobody in this project made them."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "realdata"

CHICAGO_BEATS = FOLDER / "chicago_police_beats.zip"
CHICAGO_CRIMES = FOLDER / "chicago_crimes_2012_10k.csv"
CHICAGO_ASSAULTS = FOLDER / "chicago_aggravated_assaults.csv.gz"
SEATTLE_BEATS = FOLDER / "seattle_2015_spd-beats.geojson"
SEATTLE_AREAS = FOLDER / "seattle_mcpp-areas.zip"
LANCASHIRE_WARDS = FOLDER / "lancashire_wards.gpkg"
LANCASHIRE_ASB = FOLDER / "lancashire_asb.tab.gz"
UK_CRIMES = FOLDER / "ukpolice_crimes_street_2014-08.json"

needs_real_files = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/realdata is absent")
