"""Merkle trees as RFC 9162 has them: the vectors of Certificate Transparency, every path of every small tree, forgeries."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.sealing.merkle import inclusion_path, leaf_hash, root, root_by_path

ENTRIES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Roots over the first one, two, … entries (reference tests of RFC 6962)."""
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]


@pytest.mark.parametrize("size", range(1, len(ENTRIES) + 1))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_of_nothing_it_is_the_hash_of_nothing() -> None:
    assert root([]) == sha256(b"").digest()


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_path_leads_to_the_root_and_from_nowhere_else(size: int) -> None:
    tree = leaves(size)
    for index in range(size):
        path = inclusion_path(tree, index)
        assert root_by_path(tree[index], index, size, path) == root(tree)
        for other in range(size):
            if other != index:
                assert root_by_path(tree[index], other, size, path) != root(tree)


@given(st.integers(1, 300), st.data())
def test_a_forged_proof_leads_elsewhere(size: int, data: st.DataObject) -> None:
    tree = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(tree, index)
    assert root_by_path(leaf_hash(b"another"), index, size, path) != root(tree)
    assert root_by_path(tree[index], index, size, [*path, tree[index]]) is None
    if path:
        forged = list(path)
        forged[data.draw(st.integers(0, len(path) - 1))] = leaf_hash(b"another")
        assert root_by_path(tree[index], index, size, forged) != root(tree)
        assert root_by_path(tree[index], index, size, path[:-1]) is None


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_leaf_outside_the_tree(index: int, size: int) -> None:
    assert root_by_path(LEAVES[0], index, size, []) is None
