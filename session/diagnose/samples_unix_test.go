//go:build !windows

package diagnose_test

import "syscall"

func inUse() error { return syscall.EBUSY }
