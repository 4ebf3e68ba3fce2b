"""The ground floor: time, database, rules, work and errors. It knows no word of the council's trade."""
