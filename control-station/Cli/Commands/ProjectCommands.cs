using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>project</c>.</summary>
internal static class ProjectCommands
{
    private static readonly Argument<string> Name = new("PROJECT") { Description = "Name of a project." };
    private static readonly Option<long?> Bytes = SizeOption();
    private static readonly Option<int?> Count = new("--volumes") { Description = "How many volumes it may have; without it any number.", HelpName = "N" };
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    /// <summary>Projects.</summary>
    public static Noun<Project, ProjectPage> Projects { get; } = new(
        "project", "projects", p => p.Items, p => p.NextCursor, items => new ProjectPage(items, null), p => p.Name, p => p.Name,
        [
            new("NAME", p => p.Name),
            new("PROMISED", p => ByteSize.Format(p.PromisedBytes), Numeric: true),
            new("QUOTA", p => p.QuotaBytes is { } bytes ? ByteSize.Format(bytes) : "-", Numeric: true),
            new("VOLUMES", p => $"{p.Volumes}", Numeric: true),
            new("MOST VOLUMES", p => p.QuotaVolumes is { } count ? $"{count}" : "-", Numeric: true),
            new("ID", p => p.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("project", "Projects: whose volumes are whose, and how much of the pool they may be promised.")
    {
        run.Command("list", "List the projects with what their volumes are promised.", ListAsync),
        run.Command("create", """
            Make a project.

            Example:
              vsan project create web --size 10TiB --volumes 100
            """, CreateAsync, Name, Bytes, Count),
        run.Command("quota", "Give a project other quotas. What is left out is unlimited from now on.", QuotaAsync, Name, Bytes, Count),
        run.Command("delete", "Remove a project that has no volumes.", DeleteAsync, Name, Yes),
    });

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Projects, await invocation.Api.ListByNameAsync(Projects, invocation.Cancellation).ConfigureAwait(false));

    private static async Task CreateAsync(Invocation invocation) => invocation.Output.WriteOne(
        Projects, await invocation.Api.PostAsync<ProjectCreate, Project>("projects", Request(invocation), TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));

    private static async Task QuotaAsync(Invocation invocation) => invocation.Output.WriteOne(
        Projects,
        await invocation.Api.PutAsync<ProjectCreate, Project>($"projects/{Uri.EscapeDataString(invocation.Get(Name))}", Request(invocation), invocation.Cancellation).ConfigureAwait(false));

    private static async Task DeleteAsync(Invocation invocation)
    {
        if (!invocation.Get(Yes)) invocation.Confirm("project", invocation.Get(Name));
        await invocation.Api.DeleteAsync($"projects/{Uri.EscapeDataString(invocation.Get(Name))}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Project {invocation.Get(Name)} is removed.");
    }

    private static ProjectCreate Request(Invocation invocation) => new(invocation.Get(Name), invocation.Get(Bytes), invocation.Get(Count));

    private static Option<long?> SizeOption() => new("--size")
    {
        Description = "Bytes that its volumes may be promised together; without it any number.",
        HelpName = "10TiB",
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens[0].Value, out long bytes, out string error)) return bytes;
            result.AddError(error);
            return null;
        },
    };
}
