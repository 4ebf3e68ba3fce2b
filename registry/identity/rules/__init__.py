"""What the policies say about people, their hats and how they sign in."""
