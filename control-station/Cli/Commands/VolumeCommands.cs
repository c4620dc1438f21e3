using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>volume</c>.</summary>
internal static class VolumeCommands
{
    private static readonly Argument<string> Name = new("VOLUME") { Description = "Name or id of a volume." };

    private static readonly Argument<string> NewName = new("NAME") { Description = "A name that no other volume has." };

    private static readonly Option<long> Size = new("--size")
    {
        Description = "Capacity, a multiple of 1 MiB.",
        HelpName = "10GiB",
        Required = true,
        CustomParser = result =>
        {
            if (!ByteSize.TryParse(result.Tokens[0].Value, out long bytes, out string error)) result.AddError(error);
            return bytes;
        },
    };

    private static readonly Option<string?> ToHost = new("--host") { Description = "Map it to this host as well.", HelpName = "HOST" };

    private static readonly Option<string?> OnUnit = new("--unit") { Description = "Put it on this unit; without it the pool chooses.", HelpName = "UNIT" };

    private static readonly Option<int> BlockSize = BlockSizeOption();

    private static readonly Option<bool> Thick = new("--thick") { Description = "Take all the space now, not as it is written." };

    private static readonly Option<bool> Wait = GlobalOptions.Wait();
    private static readonly Option<TimeSpan> Timeout = GlobalOptions.Timeout();
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    /// <summary>Volumes.</summary>
    public static Noun<Volume, VolumePage> Volumes { get; } = new(
        "volume", "volumes", p => p.Items, p => p.NextCursor, items => new VolumePage(items, null), v => v.Id.ToString(), v => v.Name,
        [
            new("NAME", v => v.Name),
            new("SIZE", v => ByteSize.Format(v.SizeBytes), Numeric: true),
            new("STATE", v => v.State.ToWire()),
            new("UNIT", v => Text.Of(v.Legs.Select(l => l.Reachable ? l.UnitName : l.UnitName + " (unreachable)"))),
            new("HOSTS", v => Text.Of(v.Mappings.Select(m => m.HostName))),
            new("THIN", v => v.Thin ? "thin" : "thick"),
            new("BLOCK", v => $"{v.BlockSizeBytes}", Numeric: true, WideOnly: true),
            new("LAYOUT", v => v.Layout.ToWire(), WideOnly: true),
            new("NAA", v => Text.Of(v.Legs.Select(l => l.Naa)), WideOnly: true),
            new("CREATED", v => Text.Of(v.CreatedAt), WideOnly: true),
            new("ID", v => v.Id.ToString(), WideOnly: true),
        ]);

    private static readonly Option<bool> Watch = GlobalOptions.Watch();

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("volume", "Volumes: what hosts get.")
    {
        run.Command("create", """
            Make a volume, and with --host map it.

            Examples:
              vsan volume create db --size 10GiB --host db1 --wait
              vsan volume create scratch --size 500GB --unit unit-2 --thick
            """, CreateAsync, NewName, Size, ToHost, OnUnit, BlockSize, Thick, Wait, Timeout),
        run.Command("list", "List the volumes.", ListAsync, Watch),
        run.Command("show", "Show one volume.", ShowAsync, Name),
        run.Command("delete", """
            Destroy a volume and its data. It must not be mapped to a host.

            Example:
              vsan volume delete scratch --yes --wait
            """, DeleteAsync, Name, Yes, Wait, Timeout),
    });

    private static async Task CreateAsync(Invocation invocation)
    {
        ApiClient api = invocation.Api;
        CancellationToken cancellation = invocation.Cancellation;
        Guid? host = invocation.Get(ToHost) is { } h ? (await api.FindAsync(HostCommands.Hosts, h, cancellation).ConfigureAwait(false)).Id : null;
        Guid? unit = invocation.Get(OnUnit) is { } u ? (await api.FindAsync(UnitCommands.Units, u, cancellation).ConfigureAwait(false)).Id : null;
        var request = new VolumeCreate(
            invocation.Get(NewName), invocation.Get(Size), invocation.Get(BlockSize), !invocation.Get(Thick), host, unit);

        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        VolumeAccepted accepted = await api
            .PostAsync<VolumeCreate, VolumeAccepted>("volumes" + start.Query, request, start.Wait, cancellation).ConfigureAwait(false);
        if (!await start.FinishAsync(accepted.Operation).ConfigureAwait(false))
        {
            invocation.Output.WriteOne(Volumes, accepted.Volume);
            return;
        }

        invocation.Output.WriteOne(
            Volumes, await api.GetAsync<Volume>($"volumes/{accepted.Volume.Id}", TimeSpan.Zero, cancellation).ConfigureAwait(false));
    }

    private static Task ListAsync(Invocation invocation) =>
        invocation.WriteListAsync(Volumes, invocation.Get(Watch), () => invocation.Api.ListByNameAsync(Volumes, invocation.Cancellation));

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(
        Volumes, await invocation.Api.FindAsync(Volumes, invocation.Get(Name), invocation.Cancellation).ConfigureAwait(false));

    private static async Task DeleteAsync(Invocation invocation)
    {
        Volume volume = await invocation.Api.FindAsync(Volumes, invocation.Get(Name), invocation.Cancellation).ConfigureAwait(false);
        if (!invocation.Get(Yes)) invocation.Confirm("volume", volume.Name);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api
            .DeleteAsync<Operation>($"volumes/{volume.Id}{start.Query}", start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence(ended ? $"Volume {volume.Name} is deleted." : $"Volume {volume.Name} is being deleted.");
    }

    private static Option<int> BlockSizeOption()
    {
        var option = new Option<int>("--block-size")
        {
            Description = "Logical block size. Default 512.",
            HelpName = "512|4096",
            DefaultValueFactory = _ => 512,
        };
        option.AcceptOnlyFromAmong("512", "4096");
        return option;
    }
}
