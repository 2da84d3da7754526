package diagnose_test

import "golang.org/x/sys/windows"

func inUse() error { return windows.ERROR_SHARING_VIOLATION }
