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

    private static readonly Option<string?> Layout = new("--layout")
    {
        Description = "How it lies over units: single, mirror-2, mirror-3, stripe-2 to stripe-16, concat. Default single.",
        HelpName = "LAYOUT",
    };

    private static readonly Option<string?> ByPolicy = new("--policy") { Description = "Fill in what is left open by this policy.", HelpName = "POLICY" };

    private static readonly Option<string?> ForProject = new("--project") { Description = "Count it for this project. Default: default.", HelpName = "PROJECT" };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say where it would go, and why, and make nothing." };

    private static readonly Option<int?> LegIndex = new("--leg") { Description = "Index of the leg; needed when there are several.", HelpName = "N" };

    private static readonly Option<string?> ToUnit = new("--to") { Description = "The unit it goes to; without it the pool chooses.", HelpName = "UNIT" };

    private static readonly Option<bool> Unlimited = new("--none") { Description = "Take the limits off." };

    private static readonly Option<bool> Now = new("--now") { Description = "Destroy it at once, not after its time in the trash." };

    private static readonly Option<TimeSpan?> Delay = GlobalOptions.OfOptionalDuration("--delay", "How long it stays in the trash. Default: what 'vsan pool show' says.");

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
            new("LAYOUT", v => v.Layout),
            new("WRITTEN", v => v.AllocatedBytes is { } bytes ? ByteSize.Format(bytes) : "-", Numeric: true),
            new("PROMISED", v => ByteSize.Format(v.PromisedBytes), Numeric: true, WideOnly: true),
            new("PROJECT", v => v.ProjectName, WideOnly: true),
            new("POLICY", v => v.PolicyName ?? "-", WideOnly: true),
            new("LIMITS", v => LimitOptions.Text(v.Limits), WideOnly: true),
            new("OWNER", v => v.Owner, WideOnly: true),
            new("NAA", v => Text.Of(v.Legs.Select(l => l.Naa)), WideOnly: true),
            new("CREATED", v => Text.Of(v.CreatedAt), WideOnly: true),
            new("ID", v => v.Id.ToString(), WideOnly: true),
        ])
    {
        ProjectOf = v => v.ProjectName,
    };

    private static readonly Option<bool> Watch = GlobalOptions.Watch();

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("volume", "Volumes: what hosts get.")
    {
        run.Command("create", """
            Make a volume, and with --host map it.

            Examples:
              vsan volume create db --size 10GiB --host db1 --wait
              vsan volume create scratch --size 500GB --unit unit-2 --thick
              vsan volume create ledger --size 1TiB --layout mirror-2
            """, CreateAsync, NewName, Size, ToHost, OnUnit, Layout, ByPolicy, ForProject, BlockSize, Thick, LimitOptions.Iops, LimitOptions.Throughput, LimitOptions.Burst, DryRun, Wait, Timeout),
        run.Command("list", "List the volumes.", ListAsync, Watch),
        run.Command("show", "Show one volume.", ShowAsync, Name, GlobalOptions.Project),
        run.Command("delete", """
            Put a volume into the trash. It must not be mapped to a host.

            Until it is gone for good, 'vsan trash restore' brings it back. With --now it is destroyed at once.

            Examples:
              vsan volume delete scratch
              vsan volume delete scratch --now --yes --wait
            """, DeleteAsync, Name, GlobalOptions.Project, Now, Delay, Yes, Wait, Timeout),
        run.Command("expand", """
            Make a volume larger. Hosts go on reading and writing; they see the new size when all units have followed.

            Example:
              vsan volume expand db --size 20GiB --wait
            """, ExpandAsync, Name, GlobalOptions.Project, Size, Wait, Timeout),
        run.Command("move", """
            Move a leg of a volume to another unit. No host may have the volume meanwhile; its names stay the same.

            The new unit reads it from the old one, and both copies are compared before the old one is deleted.

            Example:
              vsan volume move archive --to unit-3 --wait
            """, MoveAsync, Name, GlobalOptions.Project, LegIndex, ToUnit, Wait, Timeout),
        run.Command("limit", """
            Say how much may be asked of a volume in a second. What is beyond waits on the unit; hosts stay connected.

            The options given are the limits from now on, all others are gone.

            Examples:
              vsan volume limit scratch --max-iops 500 --max-throughput 20MiB
              vsan volume limit scratch --none
            """, LimitAsync, Name, GlobalOptions.Project, LimitOptions.Iops, LimitOptions.Throughput, LimitOptions.Burst, Unlimited),
    });

    /// <summary>The options that say what is to be placed.</summary>
    public static Symbol[] PlacementOptions { get; } = [Size, OnUnit, Layout, ByPolicy, ForProject, Thick];

    /// <summary>What was asked for.</summary>
    public static async Task<VolumeCreate> RequestAsync(Invocation invocation, string name)
    {
        CancellationToken cancellation = invocation.Cancellation;
        Guid? host = invocation.Get(ToHost) is { } h ? (await invocation.FindAsync(HostCommands.Hosts, h).ConfigureAwait(false)).Id : null;
        Guid? unit = invocation.Get(OnUnit) is { } u ? (await invocation.FindAsync(UnitCommands.Units, u).ConfigureAwait(false)).Id : null;
        return new VolumeCreate(name, invocation.Get(Size), invocation.Get(BlockSize) is 0 ? null : invocation.Get(BlockSize), invocation.Get(Thick) ? false : null, host, unit)
        {
            Layout = invocation.Get(Layout),
            Policy = invocation.Get(ByPolicy),
            Project = invocation.Get(ForProject),
            Limits = LimitOptions.Read(invocation),
        };
    }

    private static async Task CreateAsync(Invocation invocation)
    {
        ApiClient api = invocation.Api;
        CancellationToken cancellation = invocation.Cancellation;
        VolumeCreate request = await RequestAsync(invocation, invocation.Get(NewName)).ConfigureAwait(false);
        if (invocation.Get(DryRun))
        {
            await PlacementCommands.ShowAsync(invocation, request).ConfigureAwait(false);
            return;
        }

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
        Volumes, await invocation.FindAsync(Volumes, invocation.Get(Name)).ConfigureAwait(false));

    private static async Task DeleteAsync(Invocation invocation)
    {
        Volume volume = await invocation.FindAsync(Volumes, invocation.Get(Name)).ConfigureAwait(false);
        if (!invocation.Get(Now))
        {
            string query = invocation.Get(Delay) is { } delay ? $"?delay={(long)delay.TotalSeconds}s" : string.Empty;
            Volume trashed = await invocation.Api.DeleteAsync<Volume>($"volumes/{volume.Id}{query}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
            invocation.Output.WriteSentence($"Volume {volume.Name} is in the trash until {Text.Of(trashed.PurgeAt)}; 'vsan trash restore {volume.Name}' brings it back.");
            return;
        }

        if (!invocation.Get(Yes)) invocation.Confirm("volume", volume.Name);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api
            .PostAsync<Operation>($"volumes/{volume.Id}:purge{start.Query}", start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence(ended ? $"Volume {volume.Name} is deleted." : $"Volume {volume.Name} is being deleted.");
    }

    private static async Task ExpandAsync(Invocation invocation)
    {
        Volume volume = await invocation.FindAsync(Volumes, invocation.Get(Name)).ConfigureAwait(false);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api.PostAsync<VolumeExpand, Operation>(
            $"volumes/{volume.Id}:expand{start.Query}", new VolumeExpand(invocation.Get(Size)), start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Volume {volume.Name} {(ended ? "has" : "is getting")} {ByteSize.Format(invocation.Get(Size))}.");
    }

    private static async Task MoveAsync(Invocation invocation)
    {
        Volume volume = await invocation.FindAsync(Volumes, invocation.Get(Name)).ConfigureAwait(false);
        Guid? unit = invocation.Get(ToUnit) is { } name ? (await invocation.FindAsync(UnitCommands.Units, name).ConfigureAwait(false)).Id : null;
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api.PostAsync<VolumeMove, Operation>(
            $"volumes/{volume.Id}:move{start.Query}", new VolumeMove(invocation.Get(LegIndex), unit), start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Volume {volume.Name} {(ended ? "was" : "is being")} moved.");
    }

    private static async Task LimitAsync(Invocation invocation)
    {
        Limits? limits = LimitOptions.Read(invocation);
        if (limits is null != invocation.Get(Unlimited))
            throw new CommandFailure(ExitCode.Usage, "Give --max-iops, --max-throughput or both, or --none alone.");
        Volume volume = await invocation.FindAsync(Volumes, invocation.Get(Name)).ConfigureAwait(false);
        Volume changed = await invocation.Api.PatchAsync<VolumeChange, Volume>(
            $"volumes/{volume.Id}", new VolumeChange(limits ?? new Limits(null, null, null)), invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence(changed.Limits is null ? $"Volume {volume.Name} has no limits." : $"Volume {volume.Name} is limited to {LimitOptions.Text(changed.Limits)}.");
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
