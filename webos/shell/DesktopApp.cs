using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Posts;

namespace VSan.WebOs.Shell;

/// <summary>The desktop: its page, what is kept of it, its glance at the pool, and its command palette.</summary>
internal sealed class DesktopApp(StationServices services, TimeProvider time)
{
    /// <summary>Among so many of the newest tasks those are looked for that have just ended.</summary>
    private const int RecentTasks = 50;

    private const int FoundOfAKind = 5;

    /// <summary>GET /.</summary>
    public async Task ShowAsync(HttpContext context, Caller caller)
    {
        string content = await services.Desktops.FindAsync(caller, context.RequestAborted) ?? "";
        await PageResponse.SendDesktopAsync(context, new DesktopModel(caller.Name, content, ThemeOf(content)));
    }

    /// <summary>PUT /desktop.</summary>
    public async Task KeepAsync(HttpContext context, Caller caller)
    {
        using StreamReader body = new(context.Request.Body);
        await services.Desktops.KeepAsync(caller, await body.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>GET /desktop/glance.</summary>
    public async Task GlanceAsync(HttpContext context, Caller caller)
    {
        Pool pool = await services.Pool.GetAsync(caller, context.RequestAborted);
        AlarmPage alarms = await services.Alarms.ListAsync(caller, new ListQuery(), context.RequestAborted);
        PostPage posts = await services.Posts.ListAsync(caller, new ListQuery(), context.RequestAborted);
        await PageResponse.SendAsync(context, new Page("The pool now", caller.Name, null, new AspNetCoreGeneratedDocument.shell_Glance { Model = new(pool, alarms.Items.Count, PostsApp.OpenTasks(posts, caller)) }));
    }

    /// <summary>GET /desktop/tray.</summary>
    public async Task TrayAsync(HttpContext context, Caller caller)
    {
        Pool pool = await services.Pool.GetAsync(caller, context.RequestAborted);
        AlarmPage alarms = await services.Alarms.ListAsync(caller, new ListQuery(), context.RequestAborted);
        OperationPage operations = await services.Operations.ListAsync(caller, new ListQuery(RecentTasks), context.RequestAborted);
        Tray tray = Tray.Of(caller, pool, alarms.Items.Count, operations.Items, time.GetUtcNow());
        await PageResponse.SendAsync(context, new Page("State of the pool", caller.Name, null, new AspNetCoreGeneratedDocument.shell_Tray { Model = tray }) { Refresh = tray.Notices.Count > 0 ? Tray.Shown : null });
    }

    /// <summary>GET /desktop/find?name=: apps whose name has these letters, and the objects of exactly this name.</summary>
    public async Task FindAsync(HttpContext context, Caller caller)
    {
        string name = context.Request.Query["name"].ToString().Trim();
        List<Found> found = [.. App.All.Where(app => app.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Select(app => new Found(app.Name, "app", app.Path))];
        if (name.Length > 0) await AddObjectsAsync(found, caller, new ListQuery(FoundOfAKind, Name: name), context.RequestAborted);
        await PageResponse.SendAsync(context, new Page("Found", caller.Name, null, new AspNetCoreGeneratedDocument.shell_Palette { Model = found }));
    }

    private async Task AddObjectsAsync(List<Found> found, Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        VolumePage volumes = await services.Volumes.ListAsync(caller, query, cancellationToken);
        foreach (Volume volume in volumes.Items) found.Add(new Found(volume.Name, "volume", $"{App.Volumes.Path}?name={Uri.EscapeDataString(volume.Name)}"));
        UnitPage units = await services.Units.ListAsync(caller, query, cancellationToken);
        foreach (Unit unit in units.Items) found.Add(new Found(unit.Name, "unit", $"{App.Units.Path}#unit-{unit.Id}"));
    }

    // The shell's own setting, rendered so that the first paint has its colours already.
    private static string? ThemeOf(string content)
    {
        if (content.Length == 0) return null;
        using JsonDocument document = JsonDocument.Parse(content);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("theme", out JsonElement theme) && theme.ValueKind == JsonValueKind.String
            && theme.GetString() is "light" or "dark" ? theme.GetString() : null;
    }
}
