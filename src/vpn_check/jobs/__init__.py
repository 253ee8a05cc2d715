"""Jobs join rooms into what a user asks for."""
