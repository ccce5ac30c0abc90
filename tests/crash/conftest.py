"""
What must hold is asserted in a module of its own, and told as fully as in a test.
"""

import pytest

pytest.register_assert_rewrite("tests.crash.trial")
