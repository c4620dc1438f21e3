using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>pool</c>.</summary>
internal static class PoolCommands
{
    private static readonly Option<TimeSpan?> TrashDelay = GlobalOptions.OfOptionalDuration("--trash-delay", "How long a deleted volume can be had back, unless the one who deletes it says otherwise: 1m to 365d.");

    private static readonly Option<TimeSpan?> SpareAfter = new("--spare-after")
    {
        Description = "How long a unit is out of reach until a spare is taken into service for it: 1m to 30d, or off.",
        HelpName = "30m|off",
        CustomParser = result =>
        {
            if (result.Tokens[0].Value == "off") return TimeSpan.Zero;
            if (Duration.TryParse(result.Tokens[0].Value, out TimeSpan value, out string error)) return value;
            result.AddError(error);
            return null;
        },
    };

    private static readonly Column<Pool>[] Columns =
    [
        new("HEALTH", p => p.Health.ToWire()),
        new("SUMMARY", p => p.Sentence),
        new("CAPACITY", p => ByteSize.Format(p.CapacityBytes)),
        new("PROMISED", p => ByteSize.Format(p.PromisedBytes)),
        new("FREE", p => Text.FreeOf(p.CapacityBytes, p.PromisedBytes, p.FreeBytes)),
        new("WRITTEN", p => ByteSize.Format(p.CapacityBytes - p.FreeBytes)),
        new("LARGEST VOLUME", p => ByteSize.Format(p.PlaceableBytes)),
        new("UNITS", p => $"{p.UnitsReady} of {p.Units} ready, {p.UnitsPending} pending"),
        new("VOLUMES", p => $"{p.Volumes}"),
        new("AUTOMATION", p => p.Frozen ? "frozen" : "runs"),
        new("TRASH DELAY", p => Duration.Format(TimeSpan.FromSeconds(p.TrashDelaySeconds))),
        new("SPARES AFTER", p => p.SpareAfterSeconds == 0 ? "off" : Duration.Format(TimeSpan.FromSeconds(p.SpareAfterSeconds))),
        new("OPERATIONS", p => $"{p.OperationsRunning} running"),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("pool", "The virtual storage pool.")
    {
        run.Command("show", "Show the pool's health and space.", ShowAsync),
        run.Command("set", """
            Set what holds for the whole pool. What is not given stays as it is.

            Examples:
              vsan pool set --trash-delay 3d
              vsan pool set --spare-after 30m
            """, SetAsync, TrashDelay, SpareAfter),
        run.Command("thaw", """
            Let automation go on. When more than a third of the units vanish at once, the station takes itself for the one that is cut off and
            begins nothing by itself; this says that the units are gone and the station is not.
            """, ThawAsync),
    });

    private static async Task ThawAsync(Invocation invocation)
    {
        await invocation.Api.PostAsync("pool:thaw", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence("Automation goes on.");
    }

    private static async Task SetAsync(Invocation invocation)
    {
        PoolChange change = new((long?)invocation.Get(TrashDelay)?.TotalSeconds, (long?)invocation.Get(SpareAfter)?.TotalSeconds);
        if (change == new PoolChange(null)) throw new CommandFailure(ExitCode.Usage, "Nothing is to be set.", "Give --trash-delay or --spare-after, for example --trash-delay 3d.");
        Pool pool = await invocation.Api.PatchAsync<PoolChange, Pool>("pool", change, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Columns, p => p.Health.ToWire(), pool);
    }

    private static async Task ShowAsync(Invocation invocation)
    {
        Pool pool = await invocation.Api.GetAsync<Pool>("pool", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Columns, p => p.Health.ToWire(), pool);
    }
}
