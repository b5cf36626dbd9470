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
	given.Within.Size, given.Judge = -1, func() string { return "given" }
	Complete(&given, own)
	if given.Within.Size != -1 || given.Judge() != "given" {
		t.Errorf("what is given was replaced: %+v", given)
	}
	if given.Keep != time.Minute || len(given.Within.Names) != 1 {
		t.Errorf("what is not given stays empty: %+v", given)
	}
	var none rules
	if Complete(&none, own); none.Judge() != "own" || none.Within.Size != 64 {
		t.Errorf("nothing given: %+v", none)
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	if err := Refuse(Setting{"lifetime", 0}, Setting{"latency", time.Second}); err != nil {
		t.Error(err)
	}
	if err := Refuse(Setting{"lifetime", 1}, Setting{"latency", -time.Second}); err == nil || err.Error() != "the latency of -1s is negative" {
		t.Errorf("a negative latency: %v", err)
	}
}
