using System.CommandLine;
using VSan.Contracts.Api;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Cli.Commands;

/// <summary><c>host</c>.</summary>
internal static class HostCommands
{
    private static readonly Argument<string> Name = new("HOST") { Description = "Name or id of a host." };

    private static readonly Argument<string> NewName = new("NAME") { Description = "A name that no other host has." };

    private static readonly Option<string> Initiator = new("--initiator")
    {
        Description = "The host's iSCSI name; on Linux it stands in /etc/iscsi/initiatorname.iscsi.",
        HelpName = "IQN",
        Required = true,
    };

    private static readonly Column<HostVolumeReport>[] Layers =
    [
        new("VOLUME", v => v.VolumeName ?? v.VolumeId.ToString()),
        new("STATE", v => v.State.ToWire()),
        new("LEGS", v => Text.Of(v.Legs.Select(leg => $"{leg.Index} {leg.State.ToWire()}"))),
        new("SYNC", v => v.SyncPercent is { } percent ? $"{percent} %" : "-"),
        new("DEVICE", v => v.Device ?? "-"),
        new("MOUNT", v => v.MountPath ?? "-"),
        new("MESSAGE", v => $"{v.Message} {v.NextAction}".Trim()),
    ];

    /// <summary>Hosts.</summary>
    public static Noun<Host, HostPage> Hosts { get; } = new(
        "host", "hosts", p => p.Items, p => p.NextCursor, items => new HostPage(items, null), h => h.Id.ToString(), h => h.Name,
        [
            new("NAME", h => h.Name),
            new("INITIATOR", h => h.InitiatorName),
            new("VOLUMES", h => $"{h.Mappings}", Numeric: true),
            new("CERTIFICATE", h => h.EnrolledAt is { } at ? $"since {Text.Of(at)}" : "-", WideOnly: true),
            new("CREATED", h => Text.Of(h.CreatedAt), WideOnly: true),
            new("ID", h => h.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("host", "Hosts: the servers that use volumes.")
    {
        run.Command("add", """
            Make a host known.

            Example:
              vsan host add db1 --initiator iqn.2004-01.org.example:db1
            """, AddAsync, NewName, Initiator),
        run.Command("list", "List the hosts.", ListAsync),
        run.Command("delete", "Remove a host that has no volume mapped.", DeleteAsync, Name),
        run.Command("show", "Show what a host's agent has made of its volumes: each layer, by its own word.", ShowAsync, Name),
        MappingCommands.ConnectInfo(run),
        HostJoinCommands.EnrollToken(run),
        HostJoinCommands.Join(run),
        HostJoinCommands.Revoke(run),
        HostSecretCommands.Rotate(run),
        HostSecretCommands.Show(run),
        HostSecretCommands.Quota(run),
    });

    private static async Task AddAsync(Invocation invocation)
    {
        var request = new HostCreate(invocation.Get(NewName), invocation.Get(Initiator)!);
        Host host = await invocation.Api.PostAsync<HostCreate, Host>("hosts", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(Hosts, host);
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Hosts, await invocation.Api.ListByNameAsync(Hosts, invocation.Cancellation).ConfigureAwait(false));

    private static async Task ShowAsync(Invocation invocation)
    {
        Host host = await invocation.FindAsync(Hosts, invocation.Get(Name)).ConfigureAwait(false);
        HostReport report = await invocation.Api.GetAsync<HostReport>($"hosts/{host.Id}/report", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        if (invocation.Output.IsJson)
        {
            invocation.Output.WriteOne<HostReport>([], _ => host.Name, report);
            return;
        }

        invocation.Output.WriteOne(Hosts, host);
        invocation.Output.WriteSentence(report.ReportedAt is { } at ? $"Told by its agent at {Text.Of(at)}:" : "It has no agent, or its agent has told nothing yet.");
        if (!invocation.Output.IsName) OutputTable.Write(invocation.Output.Writer, Layers, report.Volumes);
    }

    private static async Task DeleteAsync(Invocation invocation)
    {
        Host host = await invocation.FindAsync(Hosts, invocation.Get(Name)).ConfigureAwait(false);
        await invocation.Api.DeleteAsync($"hosts/{host.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Host {host.Name} is removed.");
    }
}
