package openapi

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// FuzzFormats holds the formats of texts against other readings of their definitions.
func FuzzFormats(f *testing.F) {
	for _, text := range []string{
		"2031-02-28T23:59:60.123456789123Z", "2031-02-29t00:00:00z", "2031-01-01T00:00:00+14:00", "2031-01-01T00:00:00,5Z", "2031-01-01T24:00:00Z", "2031-01-01T00:00:00-00:60",
		"S-1-5-21-1-2-3-500", "S-1-0x5-1", "S-1-", "S-1-5-99999999999", "S-1-5" + strings.Repeat("-1", 16), "YQ==", "YQ==\r\n", "YQ==\n\n", `"YQ=="`, "", "Y Q==", "\ufeffYQ==", "<a>",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, form := range formats() {
			holds := form.check(text)
			if holds && strings.ContainsAny(text, "\x00\t") || holds && text == "" {
				t.Errorf("%q is a %s", text, name)
			}
			if form.flaw != nil && !holds && len(form.flaw(text)) > 60 {
				t.Errorf("%q: the flaw %q", text, form.flaw(text))
			}
		}
		if isDateTime(text) { // Go reads it, but for a leap second
			plain := strings.ToUpper(text)
			if plain[17:19] == "60" {
				plain = plain[:17] + "59" + plain[19:]
			}
			if _, err := time.Parse(time.RFC3339Nano, plain); err != nil {
				t.Errorf("%q is a date-time: %v", text, err)
			}
		}
		if at, err := time.Parse(time.RFC3339, text); err == nil && !strings.Contains(text, ",") && at.Format(time.RFC3339) == text && !isDateTime(text) {
			t.Errorf("%q is no date-time", text)
		}
		if want := isSID(text); want != sid.MatchString(text) {
			t.Errorf("%q is a SID: %v, want %v", text, !want, want)
		}
	})
}

// isSID reads a security identifier part by part.
func isSID(text string) bool {
	parts := strings.Split(text, "-")
	if len(parts) < 4 || len(parts) > 18 || parts[0] != "S" || parts[1] != "1" {
		return false
	}
	digits := func(text, of string, most int) bool {
		return text != "" && len(text) <= most && strings.Trim(text, of) == ""
	}
	const decimal = "0123456789"
	if hexadecimal, is := strings.CutPrefix(parts[2], "0x"); is {
		if _, err := strconv.ParseUint(hexadecimal, 16, 48); err != nil || !digits(hexadecimal, decimal+"abcdefABCDEF", 12) {
			return false
		}
	} else if !digits(parts[2], decimal, 15) {
		return false
	}
	for _, part := range parts[3:] {
		if !digits(part, decimal, 10) {
			return false
		}
	}
	return true
}
