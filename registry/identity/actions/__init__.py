"""What is done about people, their hats and their sign-ins, a verb each."""
