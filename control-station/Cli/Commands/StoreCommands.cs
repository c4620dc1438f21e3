using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>store</c>.</summary>
internal static class StoreCommands
{
    private static readonly Option<bool> Watch = GlobalOptions.Watch();

    private static readonly Noun<PoolStore, StorePage> Stores = new(
        "store", "stores", p => p.Items, p => p.NextCursor, items => new StorePage(items, null), s => s.Store.Id.ToString(), s => s.Store.Name,
        [
            new("UNIT", s => s.UnitName),
            new("STORE", s => s.Store.Name),
            new("MEDIA", s => s.Store.Media ?? "unknown"),
            new("CAPACITY", s => ByteSize.Format(s.Store.CapacityBytes), Numeric: true),
            new("PROMISED", s => ByteSize.Format(s.Store.PromisedBytes), Numeric: true),
            new("FREE", s => Text.FreeOf(s.Store.CapacityBytes, s.Store.PromisedBytes, s.Store.FreeBytes), Numeric: true),
            new("ID", s => s.Store.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("store", "Stores: the places on units where volumes lie.")
    {
        run.Command("list", "List the stores of all units.", ListAsync, Watch),
    });

    private static Task ListAsync(Invocation invocation) =>
        invocation.WriteListAsync(Stores, invocation.Get(Watch), () => invocation.Api.ListAsync(Stores, invocation.Cancellation));
}
