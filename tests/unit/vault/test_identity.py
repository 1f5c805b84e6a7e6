def test_a_vault_keeps_its_id_and_no_other_has_it(home, tmp_path):
    with home.open() as vault:
        known = vault.id
    assert len(known) == 32
    with home.open() as again:
        assert again.id == known
    with home.copy_to(tmp_path / "copy").open() as copy:
        assert copy.id == known


def test_an_index_of_before_there_were_ids_gets_one_at_its_first_opening(home):
    with home.open() as vault:
        vault._database.change("DELETE FROM vault_identity")
    with home.open() as vault:
        known = vault.id
        assert vault._database.values("SELECT vault_id FROM vault_identity") == [known]
    with home.open() as vault:
        assert vault.id == known
