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

    /// <summary>Who uses volumes.</summary>
    public static readonly App Hosts = new("Hosts", "/app/hosts",
        "M4.5 4h15a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM8 20h8M12 16v4M7.5 12.500h.01");

    /// <summary>Capacity, policies, projects.</summary>
    public static readonly App Pool = new("Storage pool", "/app/pool",
        "M12 3l9 4.500-9 4.500-9-4.500zM3 12l9 4.500 9-4.500M3 16.500l9 4.500 9-4.500");

    /// <summary>What hosts do to it all, over time.</summary>
    public static readonly App Monitor = new("Monitor", "/app/monitor",
        "M3.500 3.500v17h17M7 16l3.500-5 3 2.500 4-6.500 3 4");

    /// <summary>What lies where.</summary>
    public static readonly App Topology = new("Topology", "/app/topology",
        "M9.500 3h5v5h-5zM3 16h5v5H3zM16 16h5v5h-5zM12 8v4M5.500 16v-4h13v4");

    /// <summary>Versions of the appliance, and which unit runs which.</summary>
    public static readonly App Images = new("Images & boot", "/app/images",
        "M12 3.500l8 4.500v8l-8 4.500-8-4.500V8zM4 8l8 4.500 8-4.500M12 12.500V20.500");

    /// <summary>What people post to each other.</summary>
    public static readonly App Posts = new("Posts", "/app/posts",
        "M4.500 4h15a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H10l-4.500 4v-4h-1a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM8 8.500h8M8 12.500h5");

    /// <summary>The command line.</summary>
    public static readonly App Console = new("Console", "/app/console",
        "M4.500 4h15a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM7 9l3 3-3 3M12.500 15h4.500");

    /// <summary>People, machines, and what they may do.</summary>
    public static readonly App Users = new("Users & access", "/app/users",
        "M9 4a3.500 3.500 0 1 1 0 7a3.500 3.500 0 1 1 0-7zM2.500 20c0-3.600 2.900-6 6.500-6s6.500 2.400 6.500 6M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.500c2.100.8 3.500 2.800 3.500 5.500");

    /// <summary>What happened.</summary>
    public static readonly App Events = new("Events & audit", "/app/events",
        "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7M9 8h3");

    /// <summary>The station itself.</summary>
    public static readonly App Settings = new("Settings", "/app/settings",
        "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500a2.500 2.500 0 1 1 0 5a2.500 2.500 0 1 1 0-5zM9 14.500a2.500 2.500 0 1 1 0 5a2.500 2.500 0 1 1 0-5z");

    /// <summary>Long work.</summary>
    public static readonly App Tasks = new("Tasks", "/app/tasks",
        "M3 6.5l1.8 1.8L8 5M3 17l1.8 1.8L8 15.5M12 6.5h9M12 12h9M12 17.5h9");

    /// <summary>The dock, from top to bottom.</summary>
    public static readonly IReadOnlyList<App> All = [Overview, Pool, Units, Volumes, Hosts, Tasks, Posts, Monitor, Topology, Images, Console, Users, Events, Settings];
}
