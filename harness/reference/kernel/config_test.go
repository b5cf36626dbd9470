package kernel

import (
	"testing"
	"time"
)

type rules struct {
	Within struct {
		Names []string
		Size  int64
	}
	Judge func() string
	Keep  time.Duration
}

func TestComplete(t *testing.T) {
	t.Parallel()
	own := rules{Judge: func() string { return "own" }, Keep: time.Minute}
	own.Within.Names, own.Within.Size = []string{"own"}, 64
	var given rules
	given.Within.Size, given.Judge = 1, func() string { return "given" }
	if err := Complete(&given, own); err != nil || given.Within.Size != 1 || given.Judge() != "given" {
		t.Errorf("what is given was replaced: %+v, %v", given, err)
	}
	if given.Keep != time.Minute || len(given.Within.Names) != 1 {
		t.Errorf("what is not given stays empty: %+v", given)
	}
	var none rules
	if err := Complete(&none, own); err != nil || none.Judge() != "own" || none.Within.Size != 64 {
		t.Errorf("nothing given: %+v, %v", none, err)
	}
}

func TestCompleteRefusesNegativeNumbers(t *testing.T) {
	t.Parallel()
	if err := Complete(&rules{Keep: -time.Second}, rules{}); err == nil || err.Error() != "the Keep of -1s is negative" {
		t.Errorf("a negative time: %v", err)
	}
	within := rules{}
	within.Within.Size = -1
	if err := Complete(&within, rules{}); err == nil || err.Error() != "the Size of -1 is negative" {
		t.Errorf("a negative number within: %v", err)
	}
	if given := (Config{LockoutAfter: -1}); Complete(&given, Config{LockoutAfter: 5}) != nil || given.LockoutAfter != -1 {
		t.Errorf("a number that may be negative: %+v", given)
	}
}
