package bytesize_test

import (
	"testing"

	"postroom/session/bytesize"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]float64{
		"5": 5, "-1.5": -1.5, "1e3": 1000, "10 MB": 10 << 20, "10mb": 10 << 20, "1.5GB": 1.5 * (1 << 30), "2 PB": 2 << 50, "7 b": 7, "12 bytes": 12,
		" 99 GB (106,300,440,576 bytes)": 106_300_440_576, "1,5 GB (1.610.612.736 bytes)": 1_610_612_736, "0 B (0 bytes)": 0,
	} {
		if got, ok := bytesize.Parse(text); !ok || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "MB", "Unlimited", "5 XB", "5 MB 3", "ten", "five MB", "1,5 GB", "(5 bytes)", "5 kilobytes"} {
		if got, ok := bytesize.Parse(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// The texts are those of recordings of Exchange's servers.
func TestAppendIsReadBack(t *testing.T) {
	for size, want := range map[int64]string{
		0: "0 B (0 bytes)", 512: "512 B (512 bytes)", 1536: "1.5 KB (1,536 bytes)", 106_300_440_576: "99 GB (106,300,440,576 bytes)",
		37_748_736: "36 MB (37,748,736 bytes)", 1_234_567: "1.177 MB (1,234,567 bytes)", 13_000_000: "12.4 MB (13,000,000 bytes)",
		130_000_000: "124 MB (130,000,000 bytes)", 1_073_000_000: "1023 MB (1,073,000,000 bytes)",
	} {
		text := bytesize.Append(nil, size)
		if string(text) != want {
			t.Errorf("%d is %q, want %q", size, text, want)
		}
		if back, ok := bytesize.Exact(text); !ok || back != uint64(size) {
			t.Errorf("%q is read as %d, %v", text, back, ok)
		}
	}
}

func TestScale(t *testing.T) {
	for amount, want := range map[float64]string{0: "B", 1023: "B", 1024: "KB", 3 << 30: "GB", 1 << 49: "TB", 1 << 62: "PB"} {
		unit, size := bytesize.Scale(amount)
		if unit != want || uint64(size) != bytesize.Unit(unit) {
			t.Errorf("%v is read in %s of %v", amount, unit, size)
		}
	}
}
