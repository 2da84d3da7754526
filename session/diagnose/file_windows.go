package diagnose

import "golang.org/x/sys/windows"

func diskFull(f *facts) bool {
	return is(windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED)(f)
}

func readOnly(f *facts) bool { return is(windows.ERROR_WRITE_PROTECT)(f) }

func inUse(f *facts) bool {
	return is(windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION, windows.ERROR_USER_MAPPED_FILE)(f)
}
