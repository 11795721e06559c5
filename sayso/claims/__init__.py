"""What statements are about: denials tied to what they deny, statements of one claim together."""
