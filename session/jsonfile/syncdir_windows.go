package jsonfile

// syncDir does nothing: Windows cannot sync a folder, and NTFS journals the
// rename.
func syncDir(string) error { return nil }
