import { describeStory } from './story.ts';

describeStory(204);
