using System.Text.Json;
using VSan.Contracts.Api;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Tasks;

/// <summary>What is on the page about tasks.</summary>
internal static class TaskPages
{
    private static readonly Choice[] s_states =
        [new("", "All"), .. Enum.GetValues<OperationState>().Select(state => new Choice(JsonNamingPolicy.CamelCase.ConvertName(state.ToString()), Cue.Of(state).Word))];

    /// <summary>The tasks, with their filter.</summary>
    public static IReadOnlyList<Part> List(TasksModel model)
    {
        if (model.Page.Items.Count == 0 && model.Filters.Count == 0)
        {
            return
            [
                new Empty(
                    "No task has run yet",
                    "Creating or deleting a volume, and giving it to a host, are tasks: they go on when this page is closed and when the station restarts. The first one comes with the first volume:",
                    new Command("vsan volume create db-01 --size 64GiB"), new Link("Open Volumes", App.Volumes.Path) { ClassName = "button" }),
            ];
        }
        Form filter = new("filter", App.Tasks.Path, "Show", [new Field("state", "State") { Kind = FieldKind.Choice, Choices = s_states, Value = model.Filters.GetValueOrDefault("state", "") }, .. Subject(model)])
        {
            Looks = true,
            Back = model.Filters.Count > 0 ? new Link("Show all", App.Tasks.Path) { ClassName = "button" } : null,
        };
        return
        [
            filter,
            model.Page.Items.Count == 0
                ? new Paragraph("There is no such task.")
                : new Drawn(new AspNetCoreGeneratedDocument.apps_tasks_Tasks { Model = model }),
            new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(App.Tasks.Path, null, model.Page.NextCursor) { Filters = model.Filters } }),
        ];
    }

    private static IEnumerable<Field> Subject(TasksModel model) =>
        model.Filters.TryGetValue("subject", out string? subject) ? [new Field("subject", "Of one object") { Kind = FieldKind.Hidden, Value = subject }] : [];
}
