using System.CommandLine;
using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>schedule</c>.</summary>
internal static class ScheduleCommands
{
    private static readonly Argument<string> Name = new("SCHEDULE") { Description = "Name or id of a schedule." };
    private static readonly Argument<string> NewName = new("NAME") { Description = "A name that no other schedule has, at most 40 characters." };
    private static readonly Argument<string[]> VolumeNames = new("VOLUME") { Description = "Names or ids of volumes.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int?> Hourly = Count("--hourly", "Keep the first snapshot of each of the last N hours.");
    private static readonly Option<int?> Daily = Count("--daily", "Keep the first snapshot of each of the last N days.");
    private static readonly Option<int?> Weekly = Count("--weekly", "Keep the first snapshot of each of the last N weeks.");
    private static readonly Option<int?> Monthly = Count("--monthly", "Keep the first snapshot of each of the last N months.");
    private static readonly Option<int?> Minute = new("--minute") { Description = "Minute of the hour, UTC. Default 0.", HelpName = "0-59" };
    private static readonly Option<int?> Hour = new("--hour") { Description = "Hour of the day, UTC, where no hours are kept. Default 0.", HelpName = "0-23" };
    private static readonly Option<bool> OneMoment = new("--one-moment") { Description = "All volumes at one moment; they lie on one unit." };
    private static readonly Option<string[]> OfVolumes = new("--volume") { Description = "Of this volume; may be given again.", HelpName = "VOLUME", AllowMultipleArgumentsPerToken = true };

    /// <summary>Schedules.</summary>
    public static Noun<Schedule, SchedulePage> Schedules { get; } = new(
        "schedule", "schedules", p => p.Items, p => p.NextCursor, items => new SchedulePage(items, null), s => s.Id.ToString(), s => s.Name,
        [
            new("NAME", s => s.Name),
            new("HOURLY", s => $"{s.Hourly}", Numeric: true),
            new("DAILY", s => $"{s.Daily}", Numeric: true),
            new("WEEKLY", s => $"{s.Weekly}", Numeric: true),
            new("MONTHLY", s => $"{s.Monthly}", Numeric: true),
            new("AT", s => string.Create(CultureInfo.InvariantCulture, $"{(s.Hourly > 0 ? "*" : $"{s.Hour:00}")}:{s.Minute:00}")),
            new("VOLUMES", s => $"{s.VolumeIds.Count}", Numeric: true),
            new("NEXT", s => Text.Of(s.NextRun)),
            new("LAST", s => Text.Of(s.LastRun), WideOnly: true),
            new("ONE MOMENT", s => s.OneMoment ? "yes" : "no", WideOnly: true),
            new("ID", s => s.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("schedule", "Schedules: snapshots at fixed times, and how long they are kept.")
    {
        run.Command("create", """
            Take snapshots at fixed times and remove the old ones.

            The finest count that is given says how often one is taken: --hourly 24 --daily 7 takes one each hour and keeps 24 hours of
            them, and the first of each of 7 days. After an outage the newest time that was missed is caught up, once.

            Example:
              vsan schedule create usual --hourly 24 --daily 7 --weekly 4 --volume db --volume web
            """, CreateAsync, NewName, Hourly, Daily, Weekly, Monthly, Minute, Hour, OneMoment, OfVolumes, GlobalOptions.Project),
        run.Command("list", "List the schedules.", ListAsync),
        run.Command("show", "Show one schedule.", ShowAsync, Name),
        run.Command("attach", "Add volumes to a schedule.", AttachAsync, Name, VolumeNames, GlobalOptions.Project),
        run.Command("detach", "Take volumes out of a schedule. Their snapshots stay, and the schedule removes none of them any more.", DetachAsync, Name, VolumeNames, GlobalOptions.Project),
        run.Command("delete", "Remove a schedule. Its snapshots stay.", DeleteAsync, Name),
    });

    private static async Task CreateAsync(Invocation invocation)
    {
        ScheduleSpec request = new(
            invocation.Get(NewName), invocation.Get(Hourly), invocation.Get(Daily), invocation.Get(Weekly), invocation.Get(Monthly), invocation.Get(Minute), invocation.Get(Hour),
            invocation.Get(OneMoment), await VolumeIdsAsync(invocation, invocation.Get(OfVolumes) ?? []).ConfigureAwait(false));
        invocation.Output.WriteOne(
            Schedules, await invocation.Api.PostAsync<ScheduleSpec, Schedule>("schedules", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Schedules, await invocation.Api.ListByNameAsync(Schedules, invocation.Cancellation).ConfigureAwait(false));

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(Schedules, await FindAsync(invocation).ConfigureAwait(false));

    private static async Task AttachAsync(Invocation invocation)
    {
        Schedule schedule = await FindAsync(invocation).ConfigureAwait(false);
        IReadOnlyList<Guid> added = await VolumeIdsAsync(invocation, invocation.Get(VolumeNames)).ConfigureAwait(false);
        await ReplaceAsync(invocation, schedule, [.. schedule.VolumeIds.Union(added)]).ConfigureAwait(false);
    }

    private static async Task DetachAsync(Invocation invocation)
    {
        Schedule schedule = await FindAsync(invocation).ConfigureAwait(false);
        IReadOnlyList<Guid> removed = await VolumeIdsAsync(invocation, invocation.Get(VolumeNames)).ConfigureAwait(false);
        await ReplaceAsync(invocation, schedule, [.. schedule.VolumeIds.Except(removed)]).ConfigureAwait(false);
    }

    private static async Task DeleteAsync(Invocation invocation)
    {
        Schedule schedule = await FindAsync(invocation).ConfigureAwait(false);
        await invocation.Api.DeleteAsync($"schedules/{schedule.Id}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Schedule {schedule.Name} is removed; its snapshots stay.");
    }

    private static async Task ReplaceAsync(Invocation invocation, Schedule schedule, IReadOnlyList<Guid> volumeIds)
    {
        ScheduleSpec spec = new(
            schedule.Name, schedule.Hourly, schedule.Daily, schedule.Weekly, schedule.Monthly, schedule.Minute, schedule.Hour, schedule.OneMoment, volumeIds);
        invocation.Output.WriteOne(
            Schedules, await invocation.Api.PutAsync<ScheduleSpec, Schedule>($"schedules/{schedule.Id}", spec, invocation.Cancellation).ConfigureAwait(false));
    }

    private static Task<Schedule> FindAsync(Invocation invocation) => invocation.FindAsync(Schedules, invocation.Get(Name));

    private static async Task<IReadOnlyList<Guid>> VolumeIdsAsync(Invocation invocation, IReadOnlyList<string> names)
    {
        List<Guid> ids = [];
        foreach (string name in names) ids.Add((await invocation.FindAsync(VolumeCommands.Volumes, name).ConfigureAwait(false)).Id);
        return ids;
    }

    private static Option<int?> Count(string name, string description) => new(name) { Description = description, HelpName = "N" };
}
