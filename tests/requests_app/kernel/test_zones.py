"""Zones as people choose them."""

from requests_app.kernel.zones import zones, zones_by_region


def test_each_zone_stands_once_in_the_group_of_its_region_and_is_found_by_its_place():
    groups = dict(zones_by_region())
    assert ("Europe/Berlin", "Berlin, Europe") in groups["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Argentina/Buenos Aires, America") in groups["America"]
    assert groups["UTC"] == [("UTC", "UTC")]
    assert sorted(name for group in groups.values() for name, _words in group) == list(zones())
