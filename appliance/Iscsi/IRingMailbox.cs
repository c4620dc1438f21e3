namespace VSan.Iscsi;

/// <summary>The way to a ring from another thread, for rare events (a session that moves, a reset); never for data.</summary>
public interface IRingMailbox
{
    /// <summary>Runs <paramref name="work"/> once on the ring's thread. Any thread; never blocks on the ring.</summary>
    void Post(Action work);
}
