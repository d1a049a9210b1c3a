"""Does the network behave as a redescription says? Interventions on its units."""
