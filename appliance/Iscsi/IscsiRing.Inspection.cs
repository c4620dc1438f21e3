namespace VSan.Iscsi;

/// <summary>What people see of a ring.</summary>
public sealed partial class IscsiRing
{
    /// <summary>Every command that is not answered, as many as <see cref="IscsiLimits.CommandsPerRing"/>. Ring thread; for a question only, it allocates.</summary>
    public IReadOnlyList<CommandSnapshot> CommandsInFlight()
    {
        var commands = new List<CommandSnapshot>();
        long now = Time.GetTimestamp();
        foreach (IscsiConnection connection in _connections) connection.AddCommandsTo(commands, now);
        return commands;
    }
}
