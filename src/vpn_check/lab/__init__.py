"""The lab: devices that do not exist, played over real SSH on loopback."""
