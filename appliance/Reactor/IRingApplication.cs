namespace VSan.Reactor;

/// <summary>What runs on a ring, above connections and disks: it hears of turns and seconds. Ring thread.</summary>
public interface IRingApplication
{
    /// <summary>All completions of this turn are handled; what was held back for the turn goes out now.</summary>
    void OnEndOfTurn();

    /// <summary>About a second has passed. Only while the ring has connections.</summary>
    void OnTick();
}
