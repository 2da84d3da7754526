//go:build !windows

package diagnose

import "syscall"

func diskFull(f *facts) bool { return is(syscall.ENOSPC, syscall.EDQUOT)(f) }

func readOnly(f *facts) bool { return is(syscall.EROFS)(f) }

func inUse(f *facts) bool { return is(syscall.EBUSY, syscall.ETXTBSY)(f) }
