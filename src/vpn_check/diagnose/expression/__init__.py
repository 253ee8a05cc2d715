"""Regular expressions that a site brings along: a subset that is understood, costed before use and searched safely."""

from vpn_check.diagnose.expression.search import Expression, ExpressionError, compile_safely

__all__ = ["Expression", "ExpressionError", "compile_safely"]
