namespace VSan.Iscsi;

/// <summary>What people see of a connection.</summary>
public sealed partial class IscsiConnection
{
    internal void AddCommandsTo(List<CommandSnapshot> commands, long now)
    {
        if (_session is not { } session) return;
        foreach (IscsiTask task in OwnTasks())
        {
            // Single level addressing: the number stands in the second byte (SAM-5, 4.7.7).
            int lun = (task.Lun & 0xC000_FFFF_FFFF_FFFF) == 0 ? (int)(task.Lun >> 48) : -1;
            commands.Add(new CommandSnapshot(
                session.InitiatorName,
                session.Tsih,
                task.Tag,
                lun,
                task.Command.Unit,
                task.Command.Name,
                task.Command.Phase,
                Ring.Time.GetElapsedTime(task.StartedAt, now),
                task.OutstandingR2T));
        }
    }
}
