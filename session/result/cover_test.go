package result_test

import (
	"testing"

	"postroom/session/result"
)

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 999: "999", 1000: "1.000", 12345: "12.345", 123456: "123.456", 1234567: "1.234.567",
		-1: "-1", -999: "-999", -1000: "-1.000", -123456: "-123.456",
	} {
		if got := result.Grouped(n, "."); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}
