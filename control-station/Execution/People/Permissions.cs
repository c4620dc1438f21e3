using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>What each role may do: the one table. A line is an action and the smallest roles that may do it; larger roles include them.</summary>
public static class Permissions
{
    private static readonly Dictionary<string, Role[]> Needed = new(StringComparer.Ordinal)
    {
        // Looking.
        ["pool.read"] = [Role.Viewer],
        ["unit.read"] = [Role.Viewer],
        ["plan.read"] = [Role.Viewer],
        ["orphan.read"] = [Role.Viewer],
        ["host.read"] = [Role.Viewer, Role.Host],
        ["volume.read"] = [Role.Viewer, Role.Host],
        ["mapping.read"] = [Role.Viewer, Role.Host],
        ["snapshot.read"] = [Role.Viewer, Role.Host],
        ["share.read"] = [Role.Viewer],
        ["service-kind.read"] = [Role.Viewer],
        ["schedule.read"] = [Role.Viewer],
        ["operation.read"] = [Role.Viewer, Role.Host],
        ["metrics.read"] = [Role.Viewer],
        ["event.read"] = [Role.Viewer],
        ["role.read"] = [Role.Viewer],
        ["project.read"] = [Role.Viewer],
        ["policy.read"] = [Role.Viewer],
        ["alarm.read"] = [Role.Viewer],
        ["placement.explain"] = [Role.Viewer],

        // The caller's own session and password.
        ["own-session.read"] = [Role.Viewer],
        ["own-session.delete"] = [Role.Viewer],
        ["own-account.change"] = [Role.Viewer],

        // What people post to each other; the service knows whose it is.
        ["own-post.read"] = [Role.Viewer],
        ["own-post.create"] = [Role.Viewer],
        ["own-post.done"] = [Role.Viewer],
        ["own-post.delete"] = [Role.Viewer],

        // Volumes for hosts.
        ["host.create"] = [Role.Operator],
        ["host.delete"] = [Role.Operator],
        ["host.set-quota"] = [Role.StorageAdmin],
        ["host.report"] = [Role.Host],
        ["host.revoke-certificate"] = [Role.Operator, Role.SecurityAdmin],
        ["host.rotate-secret"] = [Role.Operator],
        ["schedule.create"] = [Role.Operator],
        ["schedule.change"] = [Role.Operator],
        ["schedule.delete"] = [Role.Operator],
        ["volume.create"] = [Role.Operator, Role.Host],
        ["volume.delete"] = [Role.Operator, Role.Host],
        ["volume.expand"] = [Role.Operator, Role.Host],
        ["volume.change"] = [Role.StorageAdmin],
        ["volume.move"] = [Role.StorageAdmin],
        ["volume.restore"] = [Role.Operator],
        ["volume.purge"] = [Role.Operator, Role.Host],
        ["trash.empty"] = [Role.Operator],
        ["snapshot.create"] = [Role.Operator, Role.Host],
        ["snapshot.delete"] = [Role.Operator, Role.Host],
        ["snapshot.clone"] = [Role.Operator, Role.Host],
        ["mapping.create"] = [Role.Operator, Role.Host],
        ["mapping.delete"] = [Role.Operator, Role.Host],
        ["mapping.connect-info"] = [Role.Operator, Role.Host],
        ["share.create"] = [Role.Operator],
        ["share.bind"] = [Role.Operator],
        ["share.release"] = [Role.Operator],
        ["share.delete"] = [Role.Operator],
        ["operation.cancel"] = [Role.Operator],
        ["operation.retry"] = [Role.Operator],

        // What volumes may be and have.
        ["project.create"] = [Role.StorageAdmin],
        ["project.change"] = [Role.StorageAdmin],
        ["project.delete"] = [Role.StorageAdmin],
        ["policy.create"] = [Role.StorageAdmin],
        ["policy.change"] = [Role.StorageAdmin],
        ["policy.delete"] = [Role.StorageAdmin],

        // Units.
        ["unit.approve"] = [Role.StorageAdmin],
        ["unit.maintenance"] = [Role.StorageAdmin],
        ["unit.forget"] = [Role.StorageAdmin],
        ["unit.retire"] = [Role.StorageAdmin],
        ["unit.discard"] = [Role.StorageAdmin],
        ["unit.label"] = [Role.StorageAdmin],
        ["unit.weight"] = [Role.StorageAdmin],
        ["unit.cordon"] = [Role.StorageAdmin],
        ["unit.uncordon"] = [Role.StorageAdmin],
        ["unit.drain"] = [Role.StorageAdmin],
        ["unit.update"] = [Role.StorageAdmin],
        ["image.read"] = [Role.Viewer],
        ["image.add"] = [Role.StorageAdmin],
        ["image.remove"] = [Role.StorageAdmin],
        ["orphan.adopt"] = [Role.StorageAdmin],
        ["orphan.delete"] = [Role.StorageAdmin],
        ["disk.read"] = [Role.Viewer],
        ["disk.claim"] = [Role.StorageAdmin],
        ["disk.release"] = [Role.StorageAdmin],
        ["claim-rule.read"] = [Role.Viewer],
        ["claim-rule.create"] = [Role.StorageAdmin],
        ["claim-rule.delete"] = [Role.StorageAdmin],
        ["pool.change"] = [Role.StorageAdmin],
        ["pool.thaw"] = [Role.StorageAdmin],
        ["pool.import"] = [Role.Admin],
        ["token.read"] = [Role.StorageAdmin, Role.SecurityAdmin],
        ["token.create"] = [Role.StorageAdmin, Role.SecurityAdmin],
        ["token.delete"] = [Role.StorageAdmin, Role.SecurityAdmin],

        // People and machines.
        ["user.read"] = [Role.SecurityAdmin],
        ["user.create"] = [Role.SecurityAdmin],
        ["user.change"] = [Role.SecurityAdmin],
        ["user.delete"] = [Role.SecurityAdmin],
        ["user.reset-password"] = [Role.SecurityAdmin],
        ["user.reset-totp"] = [Role.SecurityAdmin],
        ["access-token.read"] = [Role.SecurityAdmin],
        ["access-token.create"] = [Role.SecurityAdmin],
        ["access-token.delete"] = [Role.SecurityAdmin],
        ["session.read"] = [Role.SecurityAdmin],
        ["session.delete"] = [Role.SecurityAdmin],
        ["audit.read"] = [Role.SecurityAdmin],

        // The station itself.
        ["doctor.read"] = [Role.StorageAdmin, Role.SecurityAdmin],
    };

    /// <summary>Every action with the smallest roles that may do it.</summary>
    public static IReadOnlyDictionary<string, Role[]> All => Needed;

    /// <summary>True when <paramref name="role"/> may do <paramref name="action"/>; an unknown action is a mistake of ours.</summary>
    public static bool Allow(Role role, string action) => Needed[action].Any(smallest => Includes(role, smallest));

    /// <summary>True when the caller may do the action somewhere.</summary>
    internal static bool AllowSomewhere(Caller caller, string action) => caller.Bindings.Any(binding => Allow(binding.Role, action));

    /// <summary>True when the caller may do the action to what it touches.</summary>
    internal static bool Allow(Caller caller, string action, Reach reach) =>
        caller.Bindings.Any(binding => Allow(binding.Role, action) && (IsOwn(action) || binding.Scope.Covers(reach)));

    /// <summary>Refuses what the caller may not do.</summary>
    /// <exception cref="ProblemException"><c>forbidden</c>.</exception>
    internal static void Require(Caller caller, string action, Reach reach)
    {
        if (!Allow(caller, action, reach)) throw Refusal(caller, action);
    }

    /// <summary>Why the caller may not do it; an address without an action is for nobody.</summary>
    internal static ProblemException Refusal(Caller caller, string? action)
    {
        if (action is null) return new ProblemException("forbidden", "Nobody may use this address: it has no entry in the table of permissions.");
        string detail = AllowSomewhere(caller, action) ? $"{caller.Name} may do {action}, but not to this." : $"{caller.Name} may not do {action}.";
        string roles = string.Join(" or ", Needed[action].Select(RoleNames.Of));
        return new ProblemException("forbidden", detail, $"Ask a security-admin for the role {roles} where this is.");
    }

    // What is the caller's own lies in no scope.
    private static bool IsOwn(string action) => action.StartsWith("own-", StringComparison.Ordinal);

    private static bool Includes(Role role, Role smaller) => (role, smaller) switch
    {
        (Role.Host, _) => smaller == Role.Host,
        (Role.Admin, _) or (_, Role.Viewer) => true,
        (Role.StorageAdmin, Role.Operator) => true,
        _ => role == smaller,
    };
}

/// <summary>Roles as people write them.</summary>
public static class RoleNames
{
    /// <summary><c>storage-admin</c>.</summary>
    public static string Of(Role role) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());
}
