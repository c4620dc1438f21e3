using System.CommandLine;
using VSan.Contracts.Api;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Cli.Commands;

/// <summary><c>map</c>, <c>unmap</c> and <c>connect-info</c>.</summary>
internal static class MappingCommands
{
    private static readonly Argument<string> VolumeName = new("VOLUME") { Description = "Name or id of a volume." };
    private static readonly Argument<string> HostName = new("HOST") { Description = "Name or id of a host." };
    private static readonly Option<string?> System = SystemOption();
    private static readonly Option<bool> ReadOnly = new("--read-only") { Description = "The host may read, not write." };
    private static readonly Option<bool> Wait = GlobalOptions.Wait();
    private static readonly Option<TimeSpan> Timeout = GlobalOptions.Timeout();

    private static readonly Column<Mapping>[] Columns =
    [
        new("VOLUME", m => m.VolumeName),
        new("HOST", m => m.HostName),
        new("STATE", m => m.State.ToWire()),
        new("ACCESS", m => m.ReadOnly ? "read" : "read and write"),
        new("TARGETS", m => Text.Of(m.Legs.Select(l => l.TargetName))),
        new("LUNS", m => Text.Of(m.Legs.Select(l => $"{l.Lun}"))),
        new("PORTALS", m => Text.Of(m.Legs.SelectMany(l => l.Portals))),
        new("ID", m => m.Id.ToString()),
    ];

    private static readonly Column<ConnectInfo>[] ConnectColumns =
    [
        new("INITIATOR", c => c.InitiatorName),
        new("ASSEMBLY", c => AssemblyText(c.Assembly)),
        new("TARGETS", c => Text.Of(c.Legs.Select(l => l.TargetName))),
        new("PORTALS", c => Text.Of(c.Legs.SelectMany(l => l.Portals))),
        new("LUNS", c => Text.Of(c.Legs.Select(l => $"{l.Lun}"))),
        new("SERIAL NUMBERS", c => Text.Of(c.Legs.Select(l => l.SerialNumber))),
        new("CHAP USERS", c => Text.Of(c.Legs.Select(l => l.ChapUser))),
        new("CHAP SECRETS", c => Text.Of(c.Legs.Select(l => l.ChapSecret))),
    ];

    /// <summary>Adds the verbs.</summary>
    public static void AddTo(Command parent, CommandRunner run)
    {
        parent.Add(run.Command("map", """
            Let a host use a volume.

            Example:
              vsan map db db1 --wait && vsan connect-info db db1
            """, MapAsync, VolumeName, HostName, GlobalOptions.Project, ReadOnly, Wait, Timeout));
        parent.Add(run.Command("unmap", "Take a volume away from a host. Its data stays.", UnmapAsync, VolumeName, HostName, GlobalOptions.Project, Wait, Timeout));
        parent.Add(ConnectInfo(run));
    }

    /// <summary><c>connect-info</c>; also a verb of <c>host</c>.</summary>
    public static Command ConnectInfo(CommandRunner run) => run.Command("connect-info", """
        Show what the host's initiator is configured with. Contains a secret; each reading is audited.

        With --for it prints the commands that a person types on the host, in their order.

        Examples:
          vsan connect-info db db1
          vsan host connect-info db db1 --for linux
        """, ConnectInfoAsync, VolumeName, HostName, GlobalOptions.Project, System);

    private static async Task MapAsync(Invocation invocation)
    {
        Volume volume = await FindVolumeAsync(invocation).ConfigureAwait(false);
        Host host = await invocation.FindAsync(HostCommands.Hosts, invocation.Get(HostName)).ConfigureAwait(false);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        MappingAccepted accepted = await invocation.Api.PostAsync<MappingCreate, MappingAccepted>(
            "mappings" + start.Query, new MappingCreate(volume.Id, host.Id, invocation.Get(ReadOnly)), start.Wait, invocation.Cancellation)
            .ConfigureAwait(false);
        Mapping mapping = accepted.Mapping;
        if (await start.FinishAsync(accepted.Operation).ConfigureAwait(false))
            mapping = await invocation.Api.GetAsync<Mapping>($"mappings/{mapping.Id}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Columns, m => m.Id.ToString(), mapping);
    }

    private static async Task UnmapAsync(Invocation invocation)
    {
        Mapping mapping = await FindMappingAsync(invocation).ConfigureAwait(false);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api
            .DeleteAsync<Operation>($"mappings/{mapping.Id}{start.Query}", start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Volume {mapping.VolumeName} {(ended ? "is" : "is being")} taken away from host {mapping.HostName}.");
    }

    private static async Task ConnectInfoAsync(Invocation invocation)
    {
        Mapping mapping = await FindMappingAsync(invocation).ConfigureAwait(false);
        ConnectInfo info = await invocation.Api
            .GetAsync<ConnectInfo>($"mappings/{mapping.Id}/connect-info", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        if (invocation.Get(System) is not { } name || invocation.Output.IsJson) invocation.Output.WriteOne(ConnectColumns, c => c.VolumeName, info);
        else invocation.Output.Writer.WriteLine(ConnectCommands.Script(info, Enum.Parse<HostSystem>(name, ignoreCase: true)) ?? throw new CommandFailure(
            ExitCode.Usage, $"Volume {info.VolumeName} has {info.Legs.Count} legs, which only Linux can put together.", "Give this host a volume of layout single."));
    }

    private static Option<string?> SystemOption()
    {
        Option<string?> option = new("--for") { Description = "Print the commands for this system.", HelpName = "linux|windows|esxi" };
        option.AcceptOnlyFromAmong("linux", "windows", "esxi");
        return option;
    }

    private static string AssemblyText(Assembly assembly) => assembly.Method switch
    {
        AssemblyMethod.None => "none: the one leg is the disk",
        AssemblyMethod.MdRaid1 => $"md RAID-1 of the legs in this order, metadata 1.2, data from {ByteSize.Format(assembly.DataOffsetBytes ?? 0)}",
        AssemblyMethod.DmStriped => $"device mapper striped over the legs in this order, chunks of {ByteSize.Format(assembly.ChunkBytes ?? 0)}",
        AssemblyMethod.DmLinear => "device mapper linear, the legs one after the other in this order",
        _ => throw new InvalidOperationException($"{assembly.Method} is no method."),
    };

    private static Task<Volume> FindVolumeAsync(Invocation invocation) =>
        invocation.FindAsync(VolumeCommands.Volumes, invocation.Get(VolumeName));

    private static async Task<Mapping> FindMappingAsync(Invocation invocation)
    {
        Volume volume = await FindVolumeAsync(invocation).ConfigureAwait(false);
        string host = invocation.Get(HostName);
        return volume.Mappings.FirstOrDefault(m => m.HostName == host || (Guid.TryParse(host, out Guid id) && m.HostId == id))
            ?? throw new CommandFailure(ExitCode.NotFound, $"Volume {volume.Name} is not mapped to a host '{host}'.", $"Map it with 'vsan map {volume.Name} {host}'.");
    }
}
