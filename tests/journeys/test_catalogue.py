"""Somebody without an account looks for something to learn: misspelt, by choices, on a phone, and without scripts."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def test_a_stranger_finds_a_module_by_a_misspelt_question(visit):
    with visit() as visitor:
        page = visitor.open("/")
        page.get_by_label("Wat wilt u leren?").fill("vorspellend onderhout")
        page.keyboard.press("Enter")
        expect(page.locator("#catalogue")).to_contain_text("Bedoelde u voorspellend onderhoud?")
        visitor.check()
        visitor.click("Digitale tweelingen en voorspellend onderhoud")
        assert "/modules/" in page.url


def test_choices_narrow_at_once_and_stand_in_the_address(visit):
    with visit() as visitor:
        page = visitor.open("/")
        page.get_by_role("checkbox", name="hbo").check()
        page.wait_for_url("**/?track=hbo")
        expect(page.locator("#found")).to_have_text("2 modules gevonden")
        expect(page.get_by_role("checkbox", name="hbo")).to_be_focused()
        page.get_by_role("checkbox", name="mbo").check()
        page.wait_for_url("**track=hbo**")
        expect(page.locator("#found")).to_have_text("8 modules gevonden")
        page.get_by_label("Volgorde").select_option("price")
        page.wait_for_url("**sort=price**")
        visitor.check()
        visitor.click("Haal filter weg: Leerweg: hbo")
        assert "track=hbo" not in page.url
        page.go_back()
        expect(page.locator("#found")).to_have_text("8 modules gevonden")


def test_on_a_phone_the_filters_are_a_sheet(visit):
    with visit(phone=True) as visitor:
        page = visitor.open("/")
        expect(page.get_by_role("checkbox", name="hbo")).to_be_hidden()
        page.get_by_role("button", name="Filters").click()
        page.get_by_role("checkbox", name="hbo").check()
        page.get_by_label("Postcode of plaats").fill("Hardenberch")
        page.get_by_role("button", name="Toon modules").click()
        expect(page.locator(".catalogue-results")).to_contain_text("De plaats ‘Hardenberch’ kennen we niet")
        visitor.check()
        visitor.click("Hardenberg", exact=True)
        expect(page.locator("#found")).to_have_text("1 module gevonden")


def test_without_scripts_the_form_does_the_same(visit):
    with visit(scripts=False) as visitor:
        page = visitor.open("/")
        page.get_by_role("checkbox", name="hbo").check()
        visitor.press("Toon modules")
        assert "2 modules gevonden" in visitor.text()
