using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>pool</c>.</summary>
internal static class PoolCommands
{
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
        new("OPERATIONS", p => $"{p.OperationsRunning} running"),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("pool", "The virtual storage pool.")
    {
        run.Command("show", "Show the pool's health and space.", ShowAsync),
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

    private static async Task ShowAsync(Invocation invocation)
    {
        Pool pool = await invocation.Api.GetAsync<Pool>("pool", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Columns, p => p.Health.ToWire(), pool);
    }
}
