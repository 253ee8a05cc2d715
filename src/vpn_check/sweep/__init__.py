"""Which size to ping next, and how to read the answer: pure functions and a state machine, no device."""
