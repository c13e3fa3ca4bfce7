"""The memory, full screen: to look through, to search, to mend. The one house of Textual, imported when asked for."""
