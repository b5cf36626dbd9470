package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/suites/check"
	"example.org/conform/suites/proof"
	"example.org/conform/suites/signature"
)

// watch sets up what is done with each run that all checks made of a fault: to keep it, and to have its marks.
func (f *proveFlags) watch(defs []check.Definition) {
	if f.kept != "" {
		f.Kept = func(profile string, n fault.Named) (verdict.Run, error) {
			return readKept(keptIn(f.kept, profile, n.Name))
		}
	}
	sweeps := map[string]bool{}
	for _, d := range defs {
		sweeps[d.ID] = d.Sweeps
	}
	f.marks = map[string][]string{}
	f.Seen = func(profile string, n fault.Named, run verdict.Run) error {
		f.marks[profile+" "+n.Name] = signature.Marks(run.Checks, func(c verdict.Check) bool { return sweeps[c.ID] })
		if f.keep == "" {
			return nil
		}
		return reports.WriteFile(keptIn(f.keep, profile, n.Name), 0o644, func(w io.Writer) error { return reports.EncodeJSON(w, run) })
	}
}

// keptIn is the file of the run of a fault in a folder.
func keptIn(folder, profile, name string) string {
	return filepath.Join(folder, profile+"--"+name+".json")
}

// readKept is a run that was kept.
func readKept(file string) (run verdict.Run, err error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return run, fmt.Errorf("--kept: there is no %s; keep all of this selection first (conform prove --full --keep %s)", file, filepath.Dir(file))
	}
	if err == nil {
		err = json.Unmarshal(data, &run)
	}
	if err != nil {
		return run, fmt.Errorf("--kept: %s: %w", file, err)
	}
	return run, nil
}

// mostUntold is up to what share of those that are told, in percent, may be told another story.
const mostUntold = 20

// sign writes the signatures of the faults, and prints how well they tell stories of servers that they were not made from.
func (f proveFlags) sign(out io.Writer) error {
	all, told := proof.Signatures(f.Options, func(profile, name string) []string { return f.marks[profile+" "+name] })
	if err := reports.WriteFile(f.signatures, 0o644, func(w io.Writer) error { return signature.Encode(w, all) }); err != nil {
		return fmt.Errorf("--signatures %s: %w", f.signatures, unwritable(err))
	}
	for _, line := range told.Astray {
		fmt.Fprintln(out, "ASTRAY "+line)
	}
	fmt.Fprintf(out, "signatures: %d; of %d servers that they were not made from %d are told, %d of them rightly\n",
		len(all), told.Unseen, told.Told, told.Right)
	if (told.Told-told.Right)*100 > told.Told*mostUntold {
		return exitError{verdict.ExitNonconformant, errors.New("more stories are told wrongly than may be")}
	}
	return nil
}
