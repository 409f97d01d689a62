/** Forged posts by the ten thousand. */
import { floodStory } from './flood-story.ts';

floodStory(40_000, 3_000);
