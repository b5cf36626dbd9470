package main

import (
	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
)

func newRun() *cobra.Command {
	var f judgeFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Judge a target, or without one the embedded reference servers of every profile",
		Example: `  conform run
  CONFORM_USERNAME=svc@example.com CONFORM_PASSWORD=… conform run --target https://host/restApi
  conform run --target-file target.yaml --label-filter 'renewal && MUST'
  conform run --target-file target.yaml --waivers waivers.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := f.vet()
			if err != nil {
				return err
			}
			profiles := reference.Profiles()
			if f.profile != "" {
				profiles = []string{f.profile}
			}
			targets, stop, err := f.targets(profiles...)
			if err != nil {
				return err
			}
			defer stop()
			j.embedded = f.target == "" && len(f.targetFiles) == 0
			return j.do(cmd, targets, (*display).summary)
		},
	}
	f.addTo(cmd, "profile to judge by (default "+target.DefaultProfile+" with --target, else all)")
	return cmd
}
