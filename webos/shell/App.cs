namespace VSan.WebOs.Shell;

/// <summary>An entry of the dock.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Path">Where it is.</param>
/// <param name="IconPath">Its icon: the path of a 24 × 24 line drawing.</param>
public sealed record App(string Name, string Path, string IconPath)
{
    /// <summary>The pool at a glance.</summary>
    public static readonly App Overview = new("Overview", "/app/overview",
        "M3.5 13.5h4l2.5-8 4 13 2.5-8 1 3h3");

    /// <summary>The machines.</summary>
    public static readonly App Units = new("Units", "/app/units",
        "M4.5 3.5h15a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1zM4.5 13.5h15a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1zM7 7h.01M7 17h.01M11 7h6M11 17h6");

    /// <summary>What hosts get.</summary>
    public static readonly App Volumes = new("Volumes", "/app/volumes",
        "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3");

    /// <summary>Long work.</summary>
    public static readonly App Tasks = new("Tasks", "/app/tasks",
        "M3 6.5l1.8 1.8L8 5M3 17l1.8 1.8L8 15.5M12 6.5h9M12 12h9M12 17.5h9");

    /// <summary>The dock, from top to bottom.</summary>
    public static readonly IReadOnlyList<App> All = [Overview, Units, Volumes, Tasks];
}
